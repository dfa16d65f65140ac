"""`python -m pipeline` is `chithi`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
