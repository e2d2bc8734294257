from django.urls import path

from .views import public

urlpatterns = [
    path("", public.papers, name="public_papers"),
    path("<uuid:key>/", public.paper, name="public_paper"),
    path("<uuid:key>/pdf/", public.pdf, name="public_paper_pdf"),
    path("<uuid:key>/files/<int:number>/", public.file, name="public_paper_file"),
]
