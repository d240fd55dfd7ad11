"""The counter window of a clerk's PC: speaks with the server over HTTP, and knows no store."""
