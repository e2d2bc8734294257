from django.urls import path

from .bundles import api as bundles
from .cases import api as cases
from .certificates import api as documents
from .evaluations import api as evaluations
from .evaluations.board_api import BoardView
from .intake import api as intake
from .items import api as items
from .items import guide_api

urlpatterns = [
    path("visits/<str:token>/rating/", evaluations.VisitRatingView.as_view(), name="api_visit"),
    path("board/", BoardView.as_view(), name="api_board"),
    path("items/", items.ItemsView.as_view(), name="api_items"),
    path("items/<slug:napp>/<slug:key>/", items.ItemView.as_view(), name="api_item"),
    path(
        "items/<slug:napp>/<slug:key>/guide/",
        guide_api.ItemGuideView.as_view(),
        name="api_item_guide",
    ),
    path(
        "items/<slug:napp>/<slug:key>/schema/",
        items.ItemSchemaView.as_view(),
        name="api_item_schema",
    ),
    path("life/", bundles.LifeEventsView.as_view(), name="api_life"),
    path("life/sent/", bundles.BundleCasesView.as_view(), name="api_life_sent"),
    path(
        "life/sent/<uuid:bundle_case_id>/",
        bundles.BundleCaseView.as_view(),
        name="api_life_sent_one",
    ),
    path(
        "life/sent/<uuid:bundle_case_id>/withdraw/",
        bundles.BundleWithdrawView.as_view(),
        name="api_life_withdraw",
    ),
    path("life/<slug:napp>/<slug:key>/", bundles.LifeEventView.as_view(), name="api_life_event"),
    path("intake/", cases.IntakeView.as_view(), name="api_intake"),
    path("intake/partner/", intake.PartnerIntakeView.as_view(), name="api_intake_partner"),
    path("cases/", cases.CasesView.as_view(), name="api_cases"),
    path("cases/track/", cases.TrackView.as_view(), name="api_track"),
    path("cases/<uuid:case_id>/", cases.CaseView.as_view(), name="api_case"),
    path("cases/<uuid:case_id>/withdraw/", cases.WithdrawView.as_view(), name="api_case_withdraw"),
    path("cases/<uuid:case_id>/correct/", cases.CorrectView.as_view(), name="api_case_correct"),
    path("documents/", documents.DocumentsView.as_view(), name="api_documents"),
    path("documents/check/", documents.CheckView.as_view(), name="api_document_check"),
    path(
        "cases/<uuid:case_id>/evaluations/",
        evaluations.EvaluationsView.as_view(),
        name="api_evaluations",
    ),
]
