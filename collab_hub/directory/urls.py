from django.urls import path

from .views import bookings, calendars, duty, people, rooms

app_name = "directory"
urlpatterns = [
    path("", calendars.calendar, name="calendar"),
    path("people/", people.people, name="people"),
    path("card/", people.card, name="card"),
    path("people.xlsx", people.export, name="export"),
    path("duty/", duty.duty, name="duty"),
    path("duty/new/", duty.edit, name="roster_new"),
    path("duty/swaps/<uuid:swap_id>/", duty.swap_decide, name="swap_decide"),
    path("duty/<int:roster_id>/", duty.roster, name="roster"),
    path("duty/<int:roster_id>/edit/", duty.edit, name="roster_edit"),
    path("duty/<int:roster_id>/duty.ics", duty.calendar_file, name="roster_file"),
    path("duty/<int:roster_id>/pattern/", duty.pattern, name="pattern"),
    path("duty/<int:roster_id>/pattern/<int:shift_id>/end/", duty.shift_end, name="shift_end"),
    path("duty/<int:roster_id>/<int:shift_id>/<slug:on>/put/", duty.put, name="put"),
    path("duty/<int:roster_id>/<int:shift_id>/<slug:on>/swap/", duty.swap, name="swap"),
    path("rooms/", rooms.rooms, name="rooms"),
    path("rooms/new/", rooms.edit, name="room_new"),
    path("rooms/<int:room_id>/", rooms.room, name="room"),
    path("rooms/<int:room_id>/edit/", rooms.edit, name="room_edit"),
    path("rooms/<int:room_id>/room.ics", rooms.calendar_file, name="room_file"),
    path("rooms/bookings/<uuid:booking_id>/", bookings.booking, name="booking"),
    path("rooms/bookings/<uuid:booking_id>/cancel/", bookings.cancel, name="booking_cancel"),
    path("rooms/bookings/<uuid:booking_id>/take/", bookings.take_over, name="booking_take"),
    path("calendar/mine.ics", calendars.calendar_file, name="calendar_file"),
    path("calendar/subscribe/", calendars.subscribe, name="subscribe"),
    path("calendar/link/", calendars.link, name="link"),
]
