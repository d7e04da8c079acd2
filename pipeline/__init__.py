"""wirewatch: who ran this story, when, and changed how. With evidence."""
