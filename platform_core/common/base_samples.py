"""Registers the sample data of the security base, which stands too low to know the registry."""

from security import samples

from .samples import register_sample

register_sample("regions", order=10)(samples.regions)
register_sample("departments", order=20)(samples.departments)
register_sample("people", order=21)(samples.people)
