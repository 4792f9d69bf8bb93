"""After the models: the marts go to the file that people open, with search, exports, and names left out."""
