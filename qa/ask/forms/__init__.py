"""The forms of an answer, one file a kind of question: from the query and a library's parts to what is to be cited."""
