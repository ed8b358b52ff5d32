"""What a class handed in: from files, folders, archives and exports to one policy file a student."""
