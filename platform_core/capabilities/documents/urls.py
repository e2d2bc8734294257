from django.urls import path

from . import views

app_name = "documents"
urlpatterns = [
    path("<uuid:pk>/pdf/", views.document_pdf, name="pdf"),
    path("copies/<uuid:pk>/pdf/", views.copy_pdf, name="copy_pdf"),
]
