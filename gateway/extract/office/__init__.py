"""Office documents, old and new: workbooks, text documents, slides."""
