"""Start: `python -m services.support_qa`."""

from services.support_qa.processor import SupportQa
from services.support_qa.service import main
from textwire.stream.running import service_main

if __name__ == "__main__":
    service_main(SupportQa.name, main)
