"""What becomes of reviews: kept as versions, shown to those who may see, disputed, corrected, compared with people.

Nothing here knows HTTP; refusals are those of `rplay.errors`, in the words that people read.
"""
