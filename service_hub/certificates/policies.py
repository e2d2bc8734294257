"""Who may look through certificates and take one back. Checking one by its code is public and
asks nobody.
"""

from security.access import Policy, register_policy
from security.access.policies import is_admin, is_auditor

from .models import Certificate


class CertificatePolicy(Policy):
    """Administrators and auditors read; administrators revoke."""

    def visible(self, user, verb, queryset):
        reads = verb == "view" and is_auditor(user)
        acts = verb in {"view", "revoke"} and is_admin(user)
        return queryset if reads or acts else queryset.none()


register_policy(Certificate, CertificatePolicy())
