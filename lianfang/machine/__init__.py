"""The machine room: data folder, PostgreSQL, certificates, addresses. Knows no Django and nothing of the house above."""
