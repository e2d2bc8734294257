from django.urls import path

from . import views

urlpatterns = [
    path("", views.items, name="supervision_items"),
    path("new/", views.propose, name="supervision_propose"),
    path("<uuid:item_id>/", views.item, name="supervision_item"),
    path("<uuid:item_id>/proof/", views.proof, name="supervision_proof"),
    path("<uuid:item_id>/print/", views.printed, name="supervision_print"),
    path("<uuid:item_id>/record.pdf", views.record, name="supervision_record"),
]
