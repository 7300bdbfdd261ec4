"""The sample world as a stream: a bank's customers, a market's news, a shop and its shoppers."""
