"""Files that people hand in: opened by their content, within limits, one clear refusal each.

A judge never fetches a file as it was handed in: documents are read into the editor's text, and
pictures are drawn anew, without anything that stood beside the picture.
"""

from contest.core.pictures import CleanPicture, read_picture
from contest.submissions.intake.documents import PDF_TYPE, ReadDocument, ReadPicture, read_document

__all__ = [
    "PDF_TYPE",
    "CleanPicture",
    "ReadDocument",
    "ReadPicture",
    "read_document",
    "read_picture",
]
