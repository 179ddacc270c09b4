"""The statements of the Python peers: one for each relation, then those that join."""

CDN = "https://cdn.example.com/"

POSTS = """
    select id, author_id, caption, like_count, comment_count, created_at from posts where id = any($1::bigint[])
"""
USERS = "select id, username, display_name, bio from users where id = any($1::bigint[])"
MEDIA = """
    select post_id, id, kind, object_key, width, height, blurhash from media
    where post_id = any($1::bigint[]) order by post_id, position
"""
LIKED = "select post_id from likes where user_id = $1 and post_id = any($2::bigint[])"
FOLLOWED = "select followee_id from follows where follower_id = $1 and followee_id = any($2::bigint[])"
COMMENTS = """
    select c.id, c.post_id, c.author_id, c.text, c.created_at from unnest($1::bigint[]) p(id)
    cross join lateral (select * from comments where post_id = p.id order by id desc limit $2) c
"""

_POST_AND_AUTHOR = """
    p.id, p.caption, p.created_at, p.like_count, p.comment_count, u.id, u.username, u.display_name, u.bio
"""
POSTS_WITH_AUTHORS = f"""
    select {_POST_AND_AUTHOR} from posts p join users u on u.id = p.author_id where p.id = any($1::bigint[])
"""
POSTS_AS_SEEN = f"""
    select {_POST_AND_AUTHOR},
        exists (select 1 from likes l where l.post_id = p.id and l.user_id = $2),
        exists (select 1 from follows f where f.follower_id = $2 and f.followee_id = p.author_id)
    from posts p join users u on u.id = p.author_id where p.id = any($1::bigint[])
"""
COMMENTS_WITH_AUTHORS = """
    select c.post_id, c.id, c.text, c.created_at, a.id, a.username, a.bio from unnest($1::bigint[]) p(id)
    cross join lateral (select * from comments where post_id = p.id order by id desc limit $2) c
    join users a on a.id = c.author_id order by c.id desc
"""
FLAGS = """
    select true, post_id from likes where user_id = $1 and post_id = any($2::bigint[])
    union all select false, followee_id from follows where follower_id = $1 and followee_id = any($3::bigint[])
"""
FLAGS_OF_MANY = """
    select true, l.user_id, l.post_id from unnest($1::bigint[], $2::bigint[]) k(u, p)
    join likes l on l.post_id = k.p and l.user_id = k.u
    union all select false, f.follower_id, f.followee_id from unnest($3::bigint[], $4::bigint[]) k(u, a)
    join follows f on f.follower_id = k.u and f.followee_id = k.a
"""
