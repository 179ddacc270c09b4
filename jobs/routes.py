"""Which jobs follow an announced event. The event's fields are the jobs' arguments."""

from services.events import MediaProcessed, MediaRemoved, PostDeleted, UploadCompleted
from stores.postgres.database import Routes

ROUTES: Routes = {
    UploadCompleted: ["process_media"],
    MediaProcessed: ["settle_post"],
    PostDeleted: ["erase_post"],
    MediaRemoved: ["remove_media_files"],
}
