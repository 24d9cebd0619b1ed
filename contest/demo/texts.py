"""Words of the demo's contests, as a provincial organiser would write them."""

from typing import Final

TITLE: Final = "Cuộc thi tìm hiểu tư tưởng, đạo đức, phong cách Hồ Chí Minh năm 2026"
SERIES_TITLE: Final = "Cuộc thi trực tuyến “Học Bác mỗi tuần” năm 2026"
SERIES_SUMMARY: Final = (
    "Hai tuần thi, điểm hai tuần cộng lại để xếp hạng và trao giải chung cuộc bên cạnh giải tuần."
)
SERIES_DECISION: Final = "61-QĐ/BTC"
OTHER_TITLE: Final = "Hội thi trực tuyến tìm hiểu Di chúc của Chủ tịch Hồ Chí Minh"
SUMMARY: Final = (
    "Ban Tuyên giáo và Dân vận Tỉnh ủy Lâm Sơn tổ chức, dành cho cán bộ, đoàn viên và nhân dân "
    "trong tỉnh. Mỗi tuần một vòng thi, thi trên điện thoại hoặc máy tính."
)
SUBJECT_MATTER: Final = (
    "Tác phẩm “Sửa đổi lối làm việc”, Chỉ thị 05-CT/TW và các gương điển hình ở địa phương"
)
AUDIENCE: Final = "Mọi người từ đủ 14 tuổi đang sống, học tập hoặc làm việc tại tỉnh Lâm Sơn"
CONTACT: Final = "Tổ Thư ký cuộc thi, điện thoại 0905 000 000, 7:30–17:00 các ngày làm việc"
RULES: Final = """\
# Ai không được xét giải?
Thành viên Ban Tổ chức, Tổ Thư ký, Ban Giám khảo và người tham gia ra đề được dự thi nhưng không xét giải.

# Mỗi tuần thi thế nào?
Mỗi tuần mở từ 10:00 thứ Hai đến 9:00 thứ Hai tuần sau. Một bài thi có 20 câu trắc nghiệm và một câu dự đoán, làm trong 15 phút. Bạn được thi nhiều lượt; lượt có kết quả tốt nhất được tính.

# Rớt mạng khi đang thi thì sao?
Câu đã chọn được giữ trên máy và tự gửi khi có mạng lại. Bài bắt đầu trước giờ đóng vẫn được làm đủ 15 phút.

# Khiếu nại kết quả ở đâu, trong bao lâu?
Gửi về Tổ Thư ký trong 07 ngày kể từ ngày công bố kết quả của tuần. Tổ Thư ký trả lời bằng văn bản trong 05 ngày làm việc.

# Thông tin của tôi dùng làm gì?
Họ tên, đơn vị và kết quả chỉ được công bố khi bạn đồng ý; nếu không, kết quả ghi bằng chữ cái đầu. Nhật ký thiết bị được xóa sau 90 ngày.
"""
DECISION: Final = "47-QĐ/BTC"
SEASON_TITLE: Final = "Cuộc thi “Gương sáng làm theo lời Bác” tỉnh Lâm Sơn năm 2026"
EARLIER_TITLE: Final = "Cuộc thi viết “Người tốt, việc tốt quanh ta” tỉnh Lâm Sơn năm 2026"
SEASON_SUMMARY: Final = (
    "Ba tuần thi trắc nghiệm và một cuộc thi viết về những con người bình dị đang làm theo lời "
    "Bác ở ngay quanh ta. Ai cũng dự được, ai cũng có thể được viết đến."
)
CALL: Final = """\
Hãy viết về một người có thật mà bạn biết: một cô giáo cắm bản, một bác bảo vệ, một anh trưởng thôn… Người ấy đã làm được việc gì tốt, việc ấy có ích cho ai, và bạn học được điều gì?

Bài viết từ 600 đến 1.200 chữ, chưa đăng ở đâu. Kể việc thật, người thật; đừng tô vẽ. Không ghi tên, đơn vị của tác giả trong bài.
"""
PLEDGE: Final = (
    "Tôi cam đoan bài viết do chính tôi viết, người và việc trong bài có thật, bài chưa đăng ở đâu; "
    "tôi chịu trách nhiệm về nội dung bài viết."
)
UNSEALED_BECAUSE: Final = (
    "Ban Tổ chức đã thống nhất giải thưởng trên mã phách tại phiên họp tổng kết."
)
ESSAY_DECISION: Final = "61-QĐ/BTC"
