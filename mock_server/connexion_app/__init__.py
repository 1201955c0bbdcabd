"""The Connexion application: the only package that knows Connexion and Flask."""
