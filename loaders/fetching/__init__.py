"""Reports from the inspectorate's site: what is new comes into the folder, the manifest says where each came from."""
