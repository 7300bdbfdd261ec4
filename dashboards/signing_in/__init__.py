"""Who looks at the pages: signed in with a password, or anybody while they are open."""
