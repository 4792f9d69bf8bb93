"""The Python beside the models: ``reading`` before them, ``publishing`` after them, ``answering`` of what is published.

What the words of a page mean is SQL, in ``models/``; what the three share stands here.
"""

__version__ = "0.1.0"
