"""What did the person mean, and what is the engine asked?"""
