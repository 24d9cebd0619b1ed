"""Reading .xlsx in one streaming pass.

What tells a question from a mistake is not in the values alone: fonts (legacy encodings), number
formats (what the person saw), hidden rows and columns, merged cells, formulas without a stored
result. The fast readers give values only, so the sheet is parsed here, once, in flat memory.
"""

from contest.core.spreadsheets.xlsx.workbook import read_xlsx

__all__ = ["read_xlsx"]
