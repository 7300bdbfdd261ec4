"""The way in over HTTP: customers ask and follow their conversation, shops ask for lists."""
