"""Which version is served: champions tried out, refused, remembered, watched for."""
