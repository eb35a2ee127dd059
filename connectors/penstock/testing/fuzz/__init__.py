"""A fuzzer for the engine: random schemas, SELECTs and transactions, compared with recompute.

In the spirit of SQLsmith (Seltenreich, 2015) and SQLancer (Rigger, Su, OSDI 2020). A round is a
database of its own: some tables, some maintained views over them and over each other, and a
history of transactions; after each of them every view must equal its SELECT. A case is one such
comparison. What fails is cut down to a story (penstock.testing.stories) that fails alike.
"""
