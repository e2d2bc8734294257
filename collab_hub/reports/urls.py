from django.urls import path

from .views import campaigns, dictionary, fillings, reviews, templates

urlpatterns = [
    path("", campaigns.reports, name="reports"),
    path("fields/", dictionary.fields, name="report_fields"),
    path("fields/new/", dictionary.new_field, name="report_field_new"),
    path("fields/<slug:code>/", dictionary.field, name="report_field"),
    path("templates/", templates.templates, name="report_templates"),
    path("templates/new/", templates.new_template, name="report_template_new"),
    path("templates/<slug:code>/", templates.template, name="report_template"),
    path("templates/<slug:code>/start/", campaigns.start, name="report_start"),
    path("<uuid:campaign_id>/", campaigns.campaign, name="report_campaign"),
    path("<uuid:campaign_id>/reviews/", reviews.reviews, name="report_reviews"),
    path("<uuid:campaign_id>/sheet/", fillings.sheet, name="report_sheet"),
    path("<uuid:campaign_id>/fill.xlsx", fillings.sheet_out, name="report_sheet_out"),
    path("<uuid:campaign_id>/figures.xlsx", campaigns.figures, name="report_figures"),
    path("fill/<uuid:filling_id>/", fillings.fill, name="report_fill"),
    path("fill/<uuid:filling_id>/<slug:code>/", fillings.value, name="report_value"),
]
