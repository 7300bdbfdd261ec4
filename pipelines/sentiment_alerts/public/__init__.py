"""The public figures of sentiment: sentences of company news, and headlines about companies."""
