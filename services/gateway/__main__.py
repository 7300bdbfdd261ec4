"""Start: `python -m services.gateway`."""

from services.gateway.service import NAME, main
from textwire.stream.running import service_main

if __name__ == "__main__":
    service_main(NAME, main)
