// The tabs that GraphiQL opens with; one per errand.

const WHO_AM_I = `# Welcome to Photofeed. Ctrl-Enter runs the operation at the cursor; the next tabs
# read a feed, publish a photo, follow somebody and look at a profile.
#
# You are whom the token stands for that is in "Headers" below.

query WhoAmI {
  viewer {
    user {
      id
      username
      displayName
      postCount
      followerCount
      followingCount
    }
    sessions {
      createdAt
      userAgent
      isCurrent
    }
  }
}
`;

const HOME_FEED = `# Posts of those whom you follow, and your own, latest first. Hover over a url to see the picture.
# For the next page give the endCursor as "after".

query HomeFeed($first: Int, $after: String) {
  viewer {
    feed(first: $first, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          caption
          hashtags
          publishedAt
          author {
            username
          }
          media {
            url(rendition: MEDIUM)
            width
            height
            blurhash
            altText
          }
        }
      }
    }
  }
}
`;

const PUBLISH = `# A photo is published in four steps. The file itself goes straight to the object store.
#
# 1. Say what will come: its type and its exact size in bytes.

mutation PublishStep1_CreateUpload($upload: CreateUploadInput!) {
  createUpload(input: $upload) {
    upload {
      media {
        id
      }
      method
      url
      headers {
        name
        value
      }
      expiresAt
    }
    userErrors {
      code
      field
      message
    }
  }
}

# 2. Send the file from a terminal, with every header of the answer:
#
#      curl -X PUT --data-binary @photo.jpg -H 'name: value' ... 'url'
#
# 3. Say that it has arrived. Put the media's id into the variables first.

mutation PublishStep3_CompleteUpload($media: ID!) {
  completeUpload(input: { mediaId: $media }) {
    media {
      id
      status
    }
    userErrors {
      code
      field
      message
    }
  }
}

# 4. Post it. It is published as soon as its renditions are made.

mutation PublishStep4_CreatePost($media: ID!, $caption: String!) {
  createPost(input: { mediaIds: [$media], caption: $caption }) {
    post {
      id
      status
      publishedAt
      caption
      hashtags
    }
    userErrors {
      code
      field
      message
    }
  }
}
`;

const FOLLOW = `# Put the id that the first operation finds into the variables of the second.

query FindSomebody($username: String!) {
  user(username: $username) {
    id
    username
    viewerIsFollowing
  }
}

mutation FollowSomebody($user: ID!) {
  followUser(input: { userId: $user }) {
    user {
      username
      viewerIsFollowing
      followerCount
    }
    userErrors {
      code
      message
    }
  }
}
`;

const PROFILE = `query Profile($username: String!) {
  user(username: $username) {
    id
    displayName
    bio
    postCount
    followerCount
    followingCount
    posts(first: 6) {
      edges {
        node {
          id
          caption
          publishedAt
          media {
            url(rendition: THUMBNAIL)
            blurhash
          }
        }
      }
    }
  }
}
`;

const tab = (query, variables) => ({ query, variables: variables && JSON.stringify(variables, null, 2) });

// `login` is the demo account's, or empty.
const examples = (login) => {
  const username = login && !login.includes("@") ? login : "somebody";
  return [
    tab(WHO_AM_I),
    tab(HOME_FEED, { first: 5, after: null }),
    tab(PUBLISH, {
      upload: { contentType: "image/jpeg", byteSize: 123456, altText: "What the picture shows" },
      media: "the id from step 1",
      caption: "My first photo #photofeed",
    }),
    tab(FOLLOW, { username, user: "the id that was found" }),
    tab(PROFILE, { username }),
  ];
};
