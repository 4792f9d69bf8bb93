"""What is on the page: lists a folder of reports, reads each file once, and keeps what it says.

Nothing here knows of children's services; what the words mean is SQL, in ``models/``.
"""

__version__ = "0.1.0"
