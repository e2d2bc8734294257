from django.urls import path

from .dashboards.api import DashboardView
from .inbox import api
from .notices import api as notices
from .papers import api as papers
from .reports import api as reports
from .supervision import api as supervision
from .trace import api as trace

NOTICE, FILLING = "notices/<uuid:notice_id>/", "reports/fillings/<uuid:filling_id>/"
MATTER, RECEIPT = "supervision/<uuid:item_id>/", "papers/received/<uuid:receipt_id>/"

urlpatterns = [
    path("office/dashboard/", DashboardView.as_view(), name="api_dashboard"),
    path("tasks/", api.TasksView.as_view(), name="api_tasks"),
    path("tasks/<uuid:task_id>/", api.TaskView.as_view(), name="api_task"),
    path("tasks/<uuid:task_id>/actions/", api.TaskActionsView.as_view(), name="api_task_actions"),
    path("tasks/<uuid:task_id>/claim/", api.TaskClaimView.as_view(), name="api_task_claim"),
    path("tasks/<uuid:task_id>/release/", api.TaskReleaseView.as_view(), name="api_task_release"),
    path("notices/", notices.NoticesView.as_view(), name="api_notices"),
    path("notices/sent/", notices.SentNoticesView.as_view(), name="api_notices_sent"),
    path(NOTICE, notices.NoticeView.as_view(), name="api_notice"),
    path(f"{NOTICE}roll/", notices.NoticeRollView.as_view(), name="api_notice_roll"),
    path(f"{NOTICE}read/", notices.NoticeReadView.as_view(), name="api_notice_read"),
    path(f"{NOTICE}confirm/", notices.NoticeConfirmView.as_view(), name="api_notice_confirm"),
    path(f"{NOTICE}reply/", notices.NoticeReplyView.as_view(), name="api_notice_reply"),
    path(f"{NOTICE}send/", notices.NoticeSendView.as_view(), name="api_notice_send"),
    path(f"{NOTICE}release/", notices.NoticeReleaseView.as_view(), name="api_notice_release"),
    path(f"{NOTICE}urge/", notices.NoticeUrgeView.as_view(), name="api_notice_urge"),
    path(f"{NOTICE}recall/", notices.NoticeRecallView.as_view(), name="api_notice_recall"),
    path(f"{NOTICE}close/", notices.NoticeCloseView.as_view(), name="api_notice_close"),
    path("reports/", reports.CampaignsView.as_view(), name="api_reports"),
    path("reports/fields/", reports.FieldsView.as_view(), name="api_report_fields"),
    path("reports/fillings/", reports.FillingsView.as_view(), name="api_report_fillings"),
    path(FILLING, reports.FillingView.as_view(), name="api_report_filling"),
    path(f"{FILLING}submit/", reports.FillingSubmitView.as_view(), name="api_report_submit"),
    path("reports/<uuid:campaign_id>/", reports.CampaignView.as_view(), name="api_report"),
    path("papers/", papers.PapersView.as_view(), name="api_papers"),
    path("papers/received/", papers.ReceiptsView.as_view(), name="api_papers_received"),
    path(RECEIPT, papers.ReceiptView.as_view(), name="api_paper_receipt"),
    path(f"{RECEIPT}sign-in/", papers.SignInView.as_view(), name="api_paper_sign_in"),
    path(f"{RECEIPT}read/", papers.ReadingView.as_view(), name="api_paper_reading"),
    path("papers/<uuid:paper_id>/", papers.PaperView.as_view(), name="api_paper"),
    path("supervision/", supervision.MattersView.as_view(), name="api_supervision"),
    path(MATTER, supervision.MatterView.as_view(), name="api_supervised"),
    path(f"{MATTER}acts/", supervision.MatterActsView.as_view(), name="api_supervised_acts"),
    path("trace/<slug:kind>/<str:object_id>/", trace.HistoryView.as_view(), name="api_trace"),
]
