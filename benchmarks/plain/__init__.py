"""The same jobs written the plain way: one loop over kafka-python, models in fp32 on one thread.

The yardstick. The same weights, topics and messages, offsets committed after each poll. There are
no dead letters, no fence, no calibration, no transactions: a crash doubles or loses, a record that
cannot be read ends it.
"""
