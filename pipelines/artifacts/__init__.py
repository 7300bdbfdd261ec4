"""What a run makes: graphs, manifest, card; and how a champion travels with the code."""
