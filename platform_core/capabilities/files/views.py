from django.http import FileResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from platform_core.common.visitors import visitor_key

from . import selectors, subjects


@require_safe
def download(request, pk):
    """The file, for whoever may see it: always to be saved, never to be run in this site's name."""
    file = selectors.file_for(request.user, pk, visitor_key(request))
    if file.state != file.State.CLEAN:
        return render(request, "files/not_served.html", {"file": file}, status=409)
    subjects.note_reading(request.actor, file)
    answer = FileResponse(
        selectors.open_content(file),
        as_attachment=True,
        filename=file.name,
        content_type=file.content_type,
    )
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer
