"""How the large reader comes to be: all-mpnet-base-v2, trained to read the best views of a question together."""
