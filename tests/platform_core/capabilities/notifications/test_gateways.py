import json
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes

from django.core.mail import EmailMessage

from platform_core.capabilities.notifications.gateways import FileGateway
from platform_core.capabilities.notifications.mail import KeyedFileBackend


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_repeated_key_writes_nothing(tmp_path):
    path = tmp_path / "sms.jsonl"
    for key in ("1", "2", "1", "1"):
        FileGateway(path).send(to="13800000000", text="你好", key=key)
    assert [line["key"] for line in lines(path)] == ["1", "2"]
    assert lines(path)[0]["text"] == "你好"
    assert path.stat().st_mode & 0o077 == 0


def test_what_another_process_wrote_is_seen(tmp_path):
    path = tmp_path / "sms.jsonl"
    FileGateway(path).send(to="1", text="a", key="1")
    with path.open("a") as file:
        file.write(json.dumps({"key": "2"}) + "\n")
    FileGateway(path).send(to="1", text="a", key="2")
    assert len(lines(path)) == 2


def test_a_line_torn_by_a_crash_counts_as_not_sent(tmp_path):
    path = tmp_path / "sms.jsonl"
    FileGateway(path).send(to="1", text="a", key="1")
    with path.open("a") as file:
        file.write('{"key": "2", "te')
    FileGateway(path).send(to="1", text="a", key="2")
    assert [line["key"] for line in lines(path)] == ["1", "2"]


def test_a_file_begun_anew_is_read_anew(tmp_path):
    path = tmp_path / "sms.jsonl"
    FileGateway(path).send(to="1", text="a", key="1")
    path.unlink()
    FileGateway(path).send(to="1", text="a", key="1")
    assert len(lines(path)) == 1


def test_parallel_senders_write_whole_lines_once(tmp_path):
    path = tmp_path / "sms.jsonl"
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda n: FileGateway(path).send(to="1", text="a" * 500, key=str(n % 20)),
                range(100),
            )
        )
    assert sorted(line["key"] for line in lines(path)) == sorted(str(n) for n in range(20))


def test_a_letter_sent_again_is_the_same_file(tmp_path, settings):
    settings.EMAIL_FILE_PATH = tmp_path
    letter = EmailMessage("标题", "正文", to=["a@b.example"], headers={"Message-ID": "<1.x@y>"})
    for _ in range(2):
        KeyedFileBackend().send_messages([letter])
    (file,) = tmp_path.iterdir()
    assert message_from_bytes(file.read_bytes())["To"] == "a@b.example"
