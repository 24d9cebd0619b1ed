"""The dossier: everything that a published result rests on, in a zip that anybody can check.

`checking.py` travels in it as `verify.py`: it needs Python alone.
"""
