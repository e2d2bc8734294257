from django.urls import path

from .views import drafts, lists, outside, paper, publishing, receipts

urlpatterns = [
    path("", lists.papers, name="papers"),
    path("new/", drafts.choose, name="paper_choose"),
    path("new/<slug:kind>/", drafts.new, name="paper_new"),
    path("register/", outside.register, name="paper_register"),
    path("words/", drafts.words, name="paper_words"),
    path("received/<uuid:receipt_id>/", receipts.receipt, name="paper_receipt"),
    path("received/<uuid:receipt_id>/files/", outside.files, name="paper_files"),
    path("received/<uuid:receipt_id>/print/", receipts.record, name="paper_record"),
    path("publications/<int:publication_id>/", publishing.decide, name="paper_publication"),
    path("<uuid:paper_id>/", paper.paper, name="paper"),
    path("<uuid:paper_id>/edit/", drafts.edit, name="paper_edit"),
    path("<uuid:paper_id>/merge/<int:side_id>/", drafts.merge, name="paper_merge"),
    path("<uuid:paper_id>/pdf/", paper.pdf, name="paper_pdf"),
    path("<uuid:paper_id>/publish/", publishing.propose, name="paper_publish"),
]
