"""The pages of citizens and firms. The same pages live twice: at / for people, at /enterprise/
for firms.
"""

from django.urls import path

from .views import (
    apply,
    browse,
    cases,
    follow,
    home,
    mandates,
    me,
    parts,
    place,
    sources,
    verify,
    wallet,
    whose,
)

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", browse.search, name="search"),
    path("search/suggest/", browse.suggest, name="suggest"),
    path("recent/forget/", home.forget_recent, name="forget_recent"),
    path("services/", browse.services, name="services"),
    path("services/<slug:slug>/<slug:key>/", browse.guide, name="guide"),
    path("place/", place.place, name="place"),
    path("purposes/", browse.purposes, name="purposes"),
    path("services/<slug:slug>/<slug:key>/start/", apply.start, name="start"),
    path("apply/<uuid:draft_id>/", apply.resume, name="resume"),
    path("apply/<uuid:draft_id>/whose/", whose.whose, name="whose"),
    path("apply/<uuid:draft_id>/check/", apply.check, name="check"),
    path("apply/<uuid:draft_id>/discard/", apply.discard, name="discard"),
    path("apply/<uuid:draft_id>/page/<slug:page>/", apply.page, name="page"),
    path("apply/<uuid:draft_id>/earlier/", sources.earlier, name="earlier"),
    path("apply/<uuid:draft_id>/contest/<slug:field>/", sources.contest, name="contest"),
    path("apply/<uuid:draft_id>/parts/", parts.parts, name="parts"),
    path("invited/<uuid:invitation_id>/", parts.invited, name="invited"),
    path("invited/<uuid:invitation_id>/check/", parts.invited_check, name="invited_check"),
    path("invited/<uuid:invitation_id>/page/<slug:page>/", parts.invited_page, name="invited_page"),
    path("cases/", cases.mine, name="cases"),
    path("cases/<uuid:case_id>/", cases.track, name="case"),
    path("cases/<uuid:case_id>/answers/", cases.answers, name="answers"),
    path("cases/<uuid:case_id>/receipt/", cases.receipt, name="receipt"),
    path("cases/<uuid:case_id>/urge/", cases.urge, name="urge"),
    path("cases/<uuid:case_id>/withdraw/", cases.withdraw, name="withdraw"),
    path("cases/<uuid:case_id>/correct/", cases.correct, name="correct"),
    path("cases/<uuid:case_id>/rate/", cases.rate, name="rate"),
    path("cases/<uuid:case_id>/certificate/", cases.certificate, name="certificate"),
    path(
        "cases/<uuid:case_id>/documents/<uuid:document_id>/", cases.document, name="case_document"
    ),
    path("wallet/", wallet.wallet, name="wallet"),
    path("wallet/<uuid:document_id>/", wallet.document, name="document"),
    path("wallet/<uuid:document_id>/show/", wallet.show, name="show"),
    path("wallet/<uuid:document_id>/copy/", wallet.copy, name="copy"),
    path("follow/", follow.follow, name="follow"),
    path("messages/", me.messages, name="messages"),
    path("messages/<uuid:message_id>/", me.message, name="message"),
    path("me/", me.me, name="me"),
    path("me/mandates/", mandates.mandates, name="mandates"),
    path("me/mandates/<uuid:mandate_id>/", mandates.mandate, name="mandate"),
    path("me/earlier/", sources.my_earlier, name="my_earlier"),
    path("me/export/", me.export, name="export"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<slug:code>/", verify.result, name="verify_code"),
    path("verify/<slug:code>/qr.svg", verify.qr, name="verify_qr"),
    path("n/<slug:slug>/<slug:page>/", browse.napp_page, name="napp_page"),
]
