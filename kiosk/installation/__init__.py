"""What a hall needs of the machine beside the program: its user, its units, its screens' session,
names of its devices; and how it all is laid out, and taken away again."""
