"""How is the service doing? What happens is counted, and what there is is measured when asked."""
