"""Start: `python -m services.recommendations`."""

from services.recommendations.processor import Recommendations
from services.recommendations.service import main
from textwire.stream.running import service_main

if __name__ == "__main__":
    service_main(Recommendations.name, main)
