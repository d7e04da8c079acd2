"""The world "day": any number of invented papers that publish as a stated process has it, and whose servers do what servers do.

``papers``: who there is, how much each publishes and what is wrong with its server; ``process``: what comes out when, what becomes of it;
``words``: the texts; ``pages``: what is served; ``world``: the answer to a request, and the truth about all of it. The same number makes
the same world.
"""
