"""What happened to a paper, in words."""

from django.utils.translation import pgettext_lazy

ACTS = {
    "drafted": pgettext_lazy("paper act", "Drafted"),
    "revised": pgettext_lazy("paper act", "Text changed"),
    "submitted": pgettext_lazy("paper act", "Sent to be checked"),
    "withdrawn": pgettext_lazy("paper act", "Taken back"),
    "discarded": pgettext_lazy("paper act", "Given up"),
    "review_agreed": pgettext_lazy("paper act", "Checked"),
    "countersign_agreed": pgettext_lazy("paper act", "Countersigned"),
    "sign_agreed": pgettext_lazy("paper act", "Signed"),
    "returned": pgettext_lazy("paper act", "Returned"),
    "sealed": pgettext_lazy("paper act", "Sealed"),
    "sent": pgettext_lazy("paper act", "Sent"),
    "filed": pgettext_lazy("paper act", "Filed"),
    "signed_in": pgettext_lazy("paper act", "Signed in"),
    "registered": pgettext_lazy("paper act", "Registered"),
    "sent_back": pgettext_lazy("paper act", "Sent back"),
    "file_added": pgettext_lazy("paper act", "File added"),
    "file_replaced": pgettext_lazy("paper act", "File replaced"),
    "proposed": pgettext_lazy("paper act", "Handling proposed"),
    "instructed": pgettext_lazy("paper act", "Instructed"),
    "answered": pgettext_lazy("paper act", "Answered"),
    "circulated": pgettext_lazy("paper act", "Passed round"),
    "opinion": pgettext_lazy("paper act", "Opinion given"),
    "urged": pgettext_lazy("paper act", "Urged"),
    "supervised": pgettext_lazy("paper act", "Supervision ended"),
    "publish_asked": pgettext_lazy("paper act", "Publication proposed"),
    "published": pgettext_lazy("paper act", "Published"),
    "publish_refused": pgettext_lazy("paper act", "Publication refused"),
}
