"""``python -m pipeline``: the command ``wirewatch``."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
