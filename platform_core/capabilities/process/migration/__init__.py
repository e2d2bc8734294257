"""Running cases move to the version in use: on purpose, after a preview, approved by a second
person, each for itself and only where it fits."""
