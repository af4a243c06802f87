"""How is it served in production?"""
