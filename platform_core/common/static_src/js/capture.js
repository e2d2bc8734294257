// What a device can add to a form: a drawn signature, the position, a scanned code. Each of them has a way without.

export function captureAids(root = document) {
  for (const pad of root.querySelectorAll("[data-pad]")) signature(pad);
  for (const place of root.querySelectorAll("[data-place]")) position(place);
  for (const field of root.querySelectorAll("[data-scan]")) scanner(field);
}

function signature(pad) {
  const canvas = pad.querySelector("canvas");
  const input = pad.querySelector("input[type=file]");
  const pen = canvas.getContext("2d");
  if (!pen || typeof DataTransfer === "undefined") return;
  pad.hidden = false;
  Object.assign(pen, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "#000" });
  let drawing = false;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  const clear = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    input.disabled = true;
    input.value = "";
  };
  canvas.addEventListener("pointerdown", (event) => {
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  const keep = () => {
    if (!drawing) return;
    drawing = false;
    canvas.toBlob((blob) => {
      const files = new DataTransfer();
      files.items.add(new File([blob], "signature.png", { type: "image/png" }));
      input.files = files.files;
      input.disabled = false;
    }, "image/png");
  };
  canvas.addEventListener("pointerup", keep);
  canvas.addEventListener("pointercancel", keep);
  pad.querySelector("[data-clear]").addEventListener("click", clear);
  clear();
}

function position(place) {
  const button = place.querySelector("[data-here]");
  const said = place.querySelector("[data-here-said]");
  if (!navigator.geolocation || !isSecureContext) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    said.textContent = "";
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.disabled = false;
        place.querySelector("[name$='-lng']").value = coords.longitude.toFixed(6);
        place.querySelector("[name$='-lat']").value = coords.latitude.toFixed(6);
        said.textContent = `± ${Math.round(coords.accuracy)} m`;
        place.dispatchEvent(new Event("input", { bubbles: true }));
      },
      () => {
        button.disabled = false;
        said.textContent = button.dataset.failed;
      },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
}

function scanner(field) {
  const button = field.querySelector("[data-scan-start]");
  const video = field.querySelector("video");
  const said = field.querySelector("[data-scan-said]");
  const words = button.querySelector("[data-words]");
  const start = words.textContent;
  if (!("BarcodeDetector" in globalThis) || !navigator.mediaDevices?.getUserMedia) return;
  button.hidden = false;
  let stream = null;
  const stop = () => {
    for (const track of stream?.getTracks() || []) track.stop();
    stream = null;
    video.srcObject = null;
    video.hidden = true;
    words.textContent = start;
  };
  async function look(detector) {
    if (!stream) return;
    const [found] = await detector.detect(video).catch(() => []);
    if (!found) {
      setTimeout(() => look(detector), 200);
      return;
    }
    const input = field.querySelector("input");
    input.value = found.rawValue;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    said.textContent = found.rawValue;
    stop();
  }
  button.addEventListener("click", async () => {
    if (stream) {
      stop();
      return;
    }
    said.textContent = "";
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      words.textContent = button.dataset.stop;
      look(new globalThis.BarcodeDetector());
    } catch {
      stop();
      said.textContent = button.dataset.failed;
    }
  });
  addEventListener("pagehide", stop);
}
