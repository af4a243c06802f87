"""What do readers search for, find, and open?"""
