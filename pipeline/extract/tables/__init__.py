"""What the cells of tables say: targets, tasks."""
