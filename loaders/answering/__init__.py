"""What people ask of the published file: what it holds, where words stand, and a fact's page as a picture."""
