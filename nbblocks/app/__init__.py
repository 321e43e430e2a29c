"""What users build apps with."""
