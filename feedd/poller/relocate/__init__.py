"""What slipped by and who moved: documents of archives, and feeds that are elsewhere now.

archive_reader  fills gaps from a feed's archive, or reads all of it
relocation      looks for a feed that is no longer at its address
"""
